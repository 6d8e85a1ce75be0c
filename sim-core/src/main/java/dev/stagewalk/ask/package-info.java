/**
 * What one can ask of a moment of a run in words that are typed: expressions over registers,
 * memory, tables and events, and filters of events. Lessons, the bug zoo and breakpoints ask in the
 * same language.
 */
@NullMarked
package dev.stagewalk.ask;

import org.jspecify.annotations.NullMarked;
