/**
 * Going to any moment of a run: the record of events, checkpoints, inputs, marks. It knows how to
 * execute the machine again, not who asks for it.
 */
@NullMarked
package dev.stagewalk.time;

import org.jspecify.annotations.NullMarked;
