/**
 * The program: its start, its command line, and the window put together from the panes of {@code
 * dev.stagewalk.views}. It knows everything; nothing knows it.
 */
@NullMarked
package dev.stagewalk.app;

import org.jspecify.annotations.NullMarked;
