/**
 * Images that are booted: readers of ELF programs and flat images with their symbols and source
 * lines, device trees, and what puts both into a machine. What runs afterwards it does not know.
 */
@NullMarked
package dev.stagewalk.image.boot;

import org.jspecify.annotations.NullMarked;
