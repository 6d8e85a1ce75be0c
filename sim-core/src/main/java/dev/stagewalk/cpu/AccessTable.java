package dev.stagewalk.cpu;

import dev.stagewalk.arch.Encoding;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which register every name reaches in every context: the one decision behind MRS and MSR, made
 * once for all from the register table and the rows of {@code accesses.txt}.
 *
 * <p>Source: Arm ARM, "System register access" (Virtualization Host Extensions), "Enhanced support
 * for nested virtualization".
 */
final class AccessTable {
  private static final String FILE = "accesses.txt";
  private static final int ENCODINGS = 1 << 16;
  private static final AccessTable STANDARD = new AccessTable(ResourceRows.of(FILE));

  /** A name: what it reaches in each context, and what may forbid it there. */
  static final class Name {
    final Register register;

    /** The view of PSTATE this is; null for a register with a value of its own. */
    final @Nullable Special special;

    /** The lowest exception level that may write. */
    final int writer;

    /** Whether the enables of SIMD and floating-point guard it. */
    final boolean floatingPoint;

    private final SystemRoute[] routes = new SystemRoute[SystemContext.COUNT];

    private Name(Register register, int packed, int writer, boolean floatingPoint) {
      this.floatingPoint = floatingPoint;
      this.register = register;
      this.special = Special.of(packed);
      this.writer = writer;
    }

    SystemRoute route(int context) {
      return routes[context];
    }
  }

  private final @Nullable Name[] names = new Name[ENCODINGS];
  private final Map<Register, Register> e2h = new HashMap<>();
  private final Map<Register, Register> host = new HashMap<>();
  private final Map<Register, Register> el1 = new HashMap<>();
  private final Map<Register, Register> nv2 = new HashMap<>();
  private final Set<Register> nv1 = new HashSet<>();
  private final Map<Register, Integer> writers = new HashMap<>();
  private final Set<Register> never = new HashSet<>();
  private final Set<Register> fp = new HashSet<>();
  private final Map<Register, Integer> slots = new HashMap<>();
  private final Set<Register> pairs = new HashSet<>();

  private AccessTable(List<String[]> rows) {
    for (String[] row : rows) {
      read(row);
    }
    for (Register register : RegisterTable.standard().names()) {
      register
          .encoding()
          .ifPresent(encoding -> {
            Name name =
                new Name(
                    register,
                    encoding.packed(),
                    writers.getOrDefault(register, 0),
                    fp.contains(register));
            for (int i = 0; i < SystemContext.COUNT; i++) {
              name.routes[i] = decide(register, encoding, SystemContext.of(i));
            }
            names[encoding.packed()] = name;
          });
    }
  }

  /** The name at op0:op1:CRn:CRm:op2; null where the register table has none. */
  static @Nullable Name at(int packed) {
    return STANDARD.names[packed];
  }

  private void read(String[] row) {
    switch (row[0]) {
      case "e2h" -> e2h.put(register(row[1]), register(row[2]));
      case "host" -> host.put(register(row[1]), register(row[2]));
      case "el1" -> el1.put(register(row[1]), register(row[2]));
      case "nv2" -> nv2.put(register(row[1]), register(row[2]));
      case "nv1" -> nv1.add(register(row[1]));
      case "writer" -> writers.put(register(row[2]), Integer.parseInt(row[1]));
      case "fp" -> fp.add(register(row[1]));
      case "never" -> never.add(register(row[1]));
      case "memory" -> {
        Register register = register(row[3]);
        slots.put(register, Integer.decode(row[1]));
        if (row[2].equals("pair")) {
          pairs.add(register);
        }
      }
      default -> throw new IllegalStateException(FILE + ": no kind of row: " + row[0]);
    }
  }

  private static Register register(String name) {
    return RegisterTable.standard().require(name);
  }

  private SystemRoute decide(Register name, Encoding encoding, SystemContext in) {
    if (never.contains(name)) {
      return SystemRoute.UNDEFINED;
    }
    return switch (in.el()) {
      case 0 -> atEl0(name, encoding, in);
      case 1 -> atEl1(name, encoding, in);
      default -> atEl2(name, encoding, in);
    };
  }

  private SystemRoute atEl0(Register name, Encoding encoding, SystemContext in) {
    if (encoding.op1() != 3) {
      return SystemRoute.UNDEFINED;
    }
    Register other = in.isHosted() ? host.get(name) : null;
    return other == null ? new SystemRoute.Direct(name) : new SystemRoute.Redirected(other);
  }

  private SystemRoute atEl1(Register name, Encoding encoding, SystemContext in) {
    if (encoding.op1() > 5) {
      return SystemRoute.UNDEFINED;
    }
    Integer slot = slots.get(name.aliasOf().orElse(name));
    if (encoding.op1() >= 4) {
      return in.nv() ? ofNestedHypervisor(name, slot, in) : SystemRoute.UNDEFINED;
    }
    if (in.nv2() && slot != null && (!pairs.contains(name) || in.nv1())) {
      return new SystemRoute.Memory(name, slot);
    }
    if (in.nv1() && !in.nv2() && nv1.contains(name)) {
      return new SystemRoute.Trap(name, ExceptionModel.EC_SYS64);
    }
    Register other = el1.get(name);
    return other == null ? new SystemRoute.Direct(name) : new SystemRoute.Redirected(other);
  }

  /** A name of EL2, at EL1 under HCR_EL2.NV. */
  private SystemRoute ofNestedHypervisor(Register name, @Nullable Integer slot, SystemContext in) {
    if (in.nv2()) {
      Register twin = nv2.get(name);
      if (twin != null) {
        return new SystemRoute.Redirected(twin);
      }
      if (slot != null && (name.aliasOf().isEmpty() || !in.nv1())) {
        return new SystemRoute.Memory(name.aliasOf().orElse(name), slot);
      }
    }
    return new SystemRoute.Trap(name, ExceptionModel.EC_SYS64);
  }

  private SystemRoute atEl2(Register name, Encoding encoding, SystemContext in) {
    if (encoding.op1() > 5 || (encoding.op1() == 5 && !in.e2h())) {
      return SystemRoute.UNDEFINED;
    }
    if (name.aliasOf().isPresent()) {
      return new SystemRoute.Twin(name.aliasOf().get());
    }
    Register other = e2h.containsKey(name) ? e2h.get(name) : host.get(name);
    return in.e2h() && other != null
        ? new SystemRoute.Redirected(other)
        : new SystemRoute.Direct(name);
  }
}
