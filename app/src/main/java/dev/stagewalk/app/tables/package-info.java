/**
 * Translation as data on the command line: one walk, all tables, and the design of tables, from
 * registers and memory that may come from a sample, a dump or the user.
 */
@NullMarked
package dev.stagewalk.app.tables;

import org.jspecify.annotations.NullMarked;
