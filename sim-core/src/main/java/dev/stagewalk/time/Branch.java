package dev.stagewalk.time;

import dev.stagewalk.event.Moment;

/**
 * One way a run has gone. All branches share the start; each goes with the branch it left up to
 * where it left it, and on by itself.
 *
 * @param number from 1, in order of creation
 * @param parent number of the branch it left; 0 for the first
 * @param parting where it left it, as a moment of the parent; of the first the start
 * @param end the furthest moment executed in it, as a moment of its own
 * @param words what tells it from others: its first edit, or the edit it goes without; empty for a
 *     first branch without edits
 */
public record Branch(int number, int parent, Moment parting, Moment end, String words) {}
