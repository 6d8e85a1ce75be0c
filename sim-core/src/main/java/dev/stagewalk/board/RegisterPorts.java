package dev.stagewalk.board;

import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisterDevice;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Puts what is outside a PE behind System registers, one by one. */
final class RegisterPorts {
  private final Pe pe;

  RegisterPorts(Pe pe) {
    this.pe = pe;
  }

  void readWrite(String register, LongSupplier read, LongConsumer write) {
    connect(register, read, read, write);
  }

  void readOnly(String register, LongSupplier read) {
    connect(register, read, read, _ -> {});
  }

  /**
   * A register whose reading has an effect.
   *
   * @param peek what a reader would see
   */
  void readOnly(String register, LongSupplier read, LongSupplier peek) {
    connect(register, read, peek, _ -> {});
  }

  void writeOnly(String register, LongConsumer write) {
    connect(register, () -> 0, () -> 0, write);
  }

  /** Registers that would be there if there were more of what they belong to. */
  void absent(String... registers) {
    pe.attach(
        new SystemRegisterDevice() {
          @Override
          public long read(int register) {
            throw pe.undefined();
          }

          @Override
          public void write(int register, long value) {
            throw pe.undefined();
          }

          @Override
          public long peek(int register) {
            return 0;
          }
        },
        registers);
  }

  private void connect(String name, LongSupplier read, LongSupplier peek, LongConsumer write) {
    pe.attach(
        new SystemRegisterDevice() {
          @Override
          public long read(int register) {
            return read.getAsLong();
          }

          @Override
          public void write(int register, long value) {
            write.accept(value);
          }

          @Override
          public long peek(int register) {
            return peek.getAsLong();
          }
        },
        name);
  }
}
