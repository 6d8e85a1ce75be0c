/**
 * What is wrong, or may become so, with what software does to translation tables and TLBs: the
 * break-before-make referee and the staleness of TLB entries. Facts alone: it changes nothing and
 * does not know who shows them.
 */
@NullMarked
package dev.stagewalk.check;

import org.jspecify.annotations.NullMarked;
