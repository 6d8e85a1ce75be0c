package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;

/** What a person may do to the running machine. Each is an input of the run and an event. */
public sealed interface Edit
    permits Edit.Unmap,
        Edit.MapFresh,
        Edit.SetRegister,
        Edit.Type,
        Edit.SetMemory,
        Injection,
        LibraryCall {

  /** For people: "unmap 0x4020_3000 4 KiB". */
  String words();

  /** The hypervisor unmaps a range of IPAs, with the maintenance it always does. */
  record Unmap(long ipa, long size) implements Edit {
    @Override
    public String words() {
      return "unmap " + Hex.address(ipa) + " " + Size.words(size);
    }
  }

  /** The hypervisor maps fresh zeroed pages at a range of IPAs. */
  record MapFresh(long ipa, long size) implements Edit {
    @Override
    public String words() {
      return "map " + Hex.address(ipa) + " " + Size.words(size) + " of fresh pages";
    }
  }

  /**
   * A register of a PE is set: {@code x0} to {@code x30}, {@code sp}, {@code pc}, or a system
   * register.
   *
   * @param pe number of the PE; −1 for the one that executes next
   */
  record SetRegister(String register, long value, int pe) implements Edit {
    /** Of the PE that executes next. */
    public SetRegister(String register, long value) {
      this(register, value, -1);
    }

    @Override
    public String words() {
      return "set " + register + " = " + Hex.address(value) + (pe > 0 ? " on PE " + pe : "");
    }
  }

  /** Text comes in at the UART, as bytes, as its FIFO has room for them. */
  record Type(String text) implements Edit {
    @Override
    public String words() {
      return "type \"" + text + "\"";
    }
  }

  /** 8 bytes of physical memory are set, such as a descriptor; no TLBI is made. */
  record SetMemory(long pa, long value) implements Edit {
    @Override
    public String words() {
      return "set [" + Hex.address(pa) + "] = " + Hex.address(value);
    }
  }
}
