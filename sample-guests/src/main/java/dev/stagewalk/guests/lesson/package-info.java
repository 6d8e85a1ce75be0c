/**
 * Lessons and the bug zoo: texts in a small format, what they claim held to the machine they are
 * read beside, and a run of a lesson with the answers of a student. It owns no machine: a session
 * is given to it, and every number it shows is asked of that session's snapshot.
 */
@NullMarked
package dev.stagewalk.guests.lesson;

import org.jspecify.annotations.NullMarked;
