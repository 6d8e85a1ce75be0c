/**
 * The panes of the window: view-models and controls, each fed with snapshots of the session. It
 * must not know the program that puts them together, nor reach past the session into the machine.
 */
@NullMarked
package dev.stagewalk.views;

import org.jspecify.annotations.NullMarked;
