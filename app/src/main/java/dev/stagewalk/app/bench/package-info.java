/**
 * The measuring behind {@code stagewalk bench}: workloads on each engine of ours with everything
 * recorded, and on QEMU where it is installed. It knows the engine, and no screen.
 */
@NullMarked
package dev.stagewalk.app.bench;

import org.jspecify.annotations.NullMarked;
