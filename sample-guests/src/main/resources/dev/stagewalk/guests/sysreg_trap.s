// sysreg_trap.s - MRS and MSR that the hypervisor answers.

_start:
        mrs     x0, id_aa64pfr0_el1     // TID3: without SVE, AMU and MPAM
        mrs     x1, id_aa64mmfr0_el1    // TID3: as it is
        mrs     x2, actlr_el1           // TACR: reads as zero
        msr     actlr_el1, x2           //       and ignores writes
        mov     x3, #0xff
        msr     mair_el1, x3            // TVM: the hypervisor writes it for us
        mrs     x4, mair_el1            // reading it does not trap (that is TRVM)
        mov     x5, #0
        cmp     x3, x4
        cinc    x5, x5, ne
        hvc     #0                      // x5 = 0
