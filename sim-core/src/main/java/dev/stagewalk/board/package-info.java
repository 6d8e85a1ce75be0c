/**
 * PEs, memory and devices as one machine, and the profiles of what a PE implements. It knows no
 * hypervisor, only the place where one acts.
 */
@NullMarked
package dev.stagewalk.board;

import org.jspecify.annotations.NullMarked;
