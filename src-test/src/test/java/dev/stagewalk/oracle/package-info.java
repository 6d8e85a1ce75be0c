/**
 * The architecture's rules of address translation written once more, as plainly as the Arm ARM's
 * own pseudocode states them, and the tests that hold the engine against them.
 *
 * <p>The rules know nothing of the engine: no class of {@code dev.stagewalk.mmu} or {@code
 * dev.stagewalk.arch}. Only {@code Engine} and the tests see both sides.
 */
@NullMarked
package dev.stagewalk.oracle;

import org.jspecify.annotations.NullMarked;
