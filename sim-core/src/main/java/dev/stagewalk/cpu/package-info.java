/**
 * One processing element: its registers, the traps of its system registers, the binding of
 * instructions to semantics, the interpreter, exception entry and return, and what hypervisor code
 * written in Java may do to it. It knows no device and no hypervisor.
 */
@NullMarked
package dev.stagewalk.cpu;

import org.jspecify.annotations.NullMarked;
