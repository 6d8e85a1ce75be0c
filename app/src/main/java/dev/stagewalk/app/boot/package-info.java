/** {@code stagewalk boot}: an image runs on the bare machine, its UART on the standard streams. */
@NullMarked
package dev.stagewalk.app.boot;

import org.jspecify.annotations.NullMarked;
