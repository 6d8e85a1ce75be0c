package dev.stagewalk.time;

import dev.stagewalk.event.Moment;

/**
 * A moment somebody wants to find again.
 *
 * @param note what they wrote; may be empty
 */
public record Mark(Moment moment, String note) {}
