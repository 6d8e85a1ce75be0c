package dev.stagewalk.arch;

import java.util.List;

/**
 * How the descriptors of one level of one table are read: the fields of a 64-bit descriptor depend
 * on granule, level and the settings of the regime. Arm ARM, "VMSAv8-64 descriptor formats".
 */
public final class DescriptorFormat {
  private final BitForm form;
  private final Context context;

  private DescriptorFormat(BitForm form, Context context) {
    this.form = form;
    this.context = context;
  }

  /**
   * Descriptors of stage 2.
   *
   * @param level level of lookup at which they stand, -1 to 3
   * @param settings DS, LPA, FWB, XNX, S2PIE and HAFT as far as they are not 0
   */
  public static DescriptorFormat stage2(Granule granule, int level, Context settings) {
    return new DescriptorFormat(
        ArchTables.standard().form("STAGE2_DESCRIPTOR"), at(granule, level, settings));
  }

  /**
   * Descriptors of stage 1 of a regime with two privilege levels, in Non-secure state.
   *
   * @param level level of lookup at which they stand, -1 to 3
   * @param settings DS, LPA and HAFT as far as they are not 0
   */
  public static DescriptorFormat stage1(Granule granule, int level, Context settings) {
    return new DescriptorFormat(
        ArchTables.standard().form("STAGE1_DESCRIPTOR"), at(granule, level, settings));
  }

  /** The kind of a descriptor. */
  public DescriptorType type(long descriptor) {
    return DescriptorType.valueOf(form.layout(descriptor, context).id());
  }

  /** The descriptor's kind in words, with what it maps: {@code level 2 block of 2 MiB}. */
  public String title(long descriptor) {
    return form.layout(descriptor, context).title();
  }

  /** The fields of a descriptor, high bits first. */
  public List<FieldValue> decode(long descriptor) {
    return form.decode(descriptor, context);
  }

  /**
   * The output address of a leaf or the next-level table address of a table, all parts together; 0
   * for a descriptor that holds none.
   */
  public long address(long descriptor) {
    return form.address(descriptor, context);
  }

  /**
   * The descriptor with one field changed.
   *
   * @throws IllegalArgumentException when this kind of descriptor has no such field, or the value
   *     does not fit it
   */
  public long withField(long descriptor, String field, long value) {
    return form.withField(descriptor, field, value, context);
  }

  private static Context at(Granule granule, int level, Context settings) {
    return settings.with(Setting.GRANULE, (int) (granule.bytes() >> 10)).with(Setting.LEVEL, level);
  }
}
