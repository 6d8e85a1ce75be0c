/**
 * The only door for the faces: commands go in, immutable snapshots come out, and one owner thread
 * runs the machine. It knows no face.
 */
@NullMarked
package dev.stagewalk.session;

import org.jspecify.annotations.NullMarked;
