/**
 * {@code stagewalk verify}: replays recorded vectors on the engine and compares. Each kind of
 * vector is one {@link dev.stagewalk.app.verify.VectorKind}, told apart by a file's content. It
 * knows the engine, and no screen.
 */
@NullMarked
package dev.stagewalk.app.verify;

import org.jspecify.annotations.NullMarked;
