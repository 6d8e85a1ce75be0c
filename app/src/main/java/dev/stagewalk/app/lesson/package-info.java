/**
 * Lessons on the command line: shown, asked, graded. It knows the lessons and sessions, and no
 * screen.
 */
@NullMarked
package dev.stagewalk.app.lesson;

import org.jspecify.annotations.NullMarked;
