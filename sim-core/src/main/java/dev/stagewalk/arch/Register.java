package dev.stagewalk.arch;

import java.util.List;
import java.util.Optional;

/**
 * A System register: its name, how it is reached, how its bits are read. It holds no value; the PE
 * keeps values in an array by {@link #index()}.
 *
 * <p>A name such as ESR_EL12 is an alias: an encoding of its own for the value of another register.
 */
public final class Register {
  /** What MRS and MSR may do with a register, where they may use it at all. */
  public enum Access {
    RO,
    WO,
    RW;

    /** Whether MRS reads it. */
    public boolean readable() {
      return this != WO;
    }

    /** Whether MSR writes it. */
    public boolean writable() {
      return this != RO;
    }
  }

  private final String name;
  private final Optional<Encoding> encoding;
  private final Access access;
  private final Optional<String> feature;
  private final String purpose;
  private final BitForm form;
  private final Optional<Register> aliasOf;
  private final int index;

  Register(
      String name,
      Optional<Encoding> encoding,
      Access access,
      Optional<String> feature,
      String purpose,
      BitForm form,
      int index) {
    this.name = name;
    this.encoding = encoding;
    this.access = access;
    this.feature = feature;
    this.purpose = purpose;
    this.form = form;
    this.aliasOf = Optional.empty();
    this.index = index;
  }

  /** An alias of a register. */
  Register(String name, Encoding encoding, Register target) {
    this.name = name;
    this.encoding = Optional.of(encoding);
    this.access = target.access;
    this.feature = target.feature;
    this.purpose = target.purpose;
    this.form = target.form;
    this.aliasOf = Optional.of(target);
    this.index = target.index;
  }

  /** The name, as the architecture spells it. */
  public String name() {
    return name;
  }

  /** How MRS and MSR name it; empty for PSTATE, which only has views that they reach. */
  public Optional<Encoding> encoding() {
    return encoding;
  }

  /** Whether it can be read and written. */
  public Access access() {
    return access;
  }

  /** The feature that introduced it, when it was not there from the start. */
  public Optional<String> feature() {
    return feature;
  }

  /** One line on what it is for. */
  public String purpose() {
    return purpose;
  }

  /** The register whose value this name reaches, when this is an alias. */
  public Optional<Register> aliasOf() {
    return aliasOf;
  }

  /**
   * Where its value lies in an array of {@link RegisterTable#size()} values. An alias has the index
   * of the register it stands for.
   */
  public int index() {
    return index;
  }

  /** Number of bits that have fields: 64, or 32 where the register has 32. */
  public int width() {
    return form.width();
  }

  /** How its bits are read. */
  public BitForm form() {
    return form;
  }

  /** {@link BitForm#decode(long)}. */
  public List<FieldValue> decode(long value) {
    return form.decode(value);
  }

  /** {@link BitForm#decode(long, Context)}. */
  public List<FieldValue> decode(long value, Context context) {
    return form.decode(value, context);
  }

  /** {@link BitForm#field(String)}. */
  public Field field(String field) {
    return form.field(field);
  }

  /** {@link BitForm#withField(long, String, long)}. */
  public long withField(long value, String field, long fieldValue) {
    return form.withField(value, field, fieldValue);
  }

  /** {@link BitForm#withField(long, String, long, Context)}. */
  public long withField(long value, String field, long fieldValue, Context context) {
    return form.withField(value, field, fieldValue, context);
  }

  @Override
  public String toString() {
    return name;
  }
}
