/**
 * What is wrong, or may become so, with translation tables and with what software does to them and
 * to TLBs: the break-before-make referee, the staleness of TLB entries, and findings, each under a
 * rule with a place, evidence and a mend. Facts alone: it changes nothing and does not know who
 * shows them.
 */
@NullMarked
package dev.stagewalk.check;

import org.jspecify.annotations.NullMarked;
