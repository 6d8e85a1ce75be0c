package dev.stagewalk.cpu;

/** What drives the interrupt inputs of one PE: the CPU interface of an interrupt controller. */
public interface InterruptSource {
  /** Whether a physical IRQ is signalled. */
  boolean irq();

  /** Whether a physical FIQ is signalled. */
  boolean fiq();

  /** Whether a virtual IRQ is signalled, besides HCR_EL2.VI. */
  boolean virtualIrq();

  /** Whether a virtual FIQ is signalled, besides HCR_EL2.VF. */
  boolean virtualFiq();

  /** Nothing is connected. */
  InterruptSource NONE =
      new InterruptSource() {
        @Override
        public boolean irq() {
          return false;
        }

        @Override
        public boolean fiq() {
          return false;
        }

        @Override
        public boolean virtualIrq() {
          return false;
        }

        @Override
        public boolean virtualFiq() {
          return false;
        }
      };
}
