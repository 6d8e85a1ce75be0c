/**
 * The hypervisor under study, in Java: the stage-2 table library, the guest framework with its exit
 * handlers, and the defects of the posted code as switches. One implementation; {@link
 * dev.stagewalk.hyp.Defects} decides how it behaves.
 *
 * <p>It acts on the machine only through {@link dev.stagewalk.cpu.El2} and {@link
 * dev.stagewalk.cpu.GuestRegisters}, and keeps nothing of its own between two calls of the machine:
 * its structures lie in simulated memory. It must not know devices, findings, explanations, time or
 * the session.
 */
@NullMarked
package dev.stagewalk.hyp;

import org.jspecify.annotations.NullMarked;
