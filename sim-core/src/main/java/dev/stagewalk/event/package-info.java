/**
 * What can happen, as data: moments, events, translations with their lookups, and the sink through
 * which the floors below report. It knows nothing of how any of it comes about.
 */
@NullMarked
package dev.stagewalk.event;

import org.jspecify.annotations.NullMarked;
