/**
 * Going to any moment of a run: the record of events, checkpoints, inputs, branches, marks. It
 * knows how to execute the machine again, not who asks for it. Below {@link
 * dev.stagewalk.time.History} a moment is a place on a line, and its branch is always 1; what
 * leaves it carries its branch.
 */
@NullMarked
package dev.stagewalk.time;

import org.jspecify.annotations.NullMarked;
