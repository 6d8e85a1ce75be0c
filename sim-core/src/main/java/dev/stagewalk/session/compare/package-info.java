/**
 * Two moments side by side: of one run, of two branches of it, or of two runs. It takes two
 * snapshots and knows neither how they came about nor who asks.
 */
@NullMarked
package dev.stagewalk.session.compare;

import org.jspecify.annotations.NullMarked;
