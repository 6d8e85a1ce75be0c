/**
 * The MMU: translation parameters and their legality, walks as pure functions of parameters and a
 * descriptor reader, the TLB model, and the scan of tables for display. It must not know who asks:
 * no PE state, no memory map, no hypervisor; it never stores to memory.
 */
@NullMarked
package dev.stagewalk.mmu;

import org.jspecify.annotations.NullMarked;
