/**
 * Guests to look at: A64 sources and the catalogue that finds them. Content only; it knows the
 * engine it is written for and no face of it.
 */
@NullMarked
package dev.stagewalk.guests;

import org.jspecify.annotations.NullMarked;
