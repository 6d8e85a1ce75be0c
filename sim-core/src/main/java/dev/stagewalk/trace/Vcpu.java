package dev.stagewalk.trace;

import java.util.Set;

/** No event of KVM on arm64 names a vCPU: it is the thread that enters the guest. */
final class Vcpu {
  private static final Set<String> PROOFS =
      Set.of(
          "kvm_entry",
          "kvm_exit",
          "kvm_guest_fault",
          "kvm_mmio",
          "kvm_hvc_arm64",
          "kvm_wfx_arm64",
          "kvm_sys_access",
          "kvm_handle_sys_reg");

  private Vcpu() {}

  /** Whether only a vCPU's thread causes such an event. */
  static boolean isProofOf(String eventName) {
    return PROOFS.contains(eventName);
  }
}
