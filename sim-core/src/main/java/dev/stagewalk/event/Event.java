package dev.stagewalk.event;

/**
 * One thing that happened, with its place in the run.
 *
 * @param number dense, from 0
 * @param moment right after its effect
 * @param pe processing element it happened on, from 0
 */
public record Event(long number, Moment moment, int pe, SimEvent what) {}
