package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.VectorInteger.ones;

import dev.stagewalk.cpu.Lanes.Lane;
import dev.stagewalk.cpu.Lanes.Shape;
import java.util.HashMap;
import java.util.Map;

/** The part of {@link Bindings} that belongs to integer operations on vectors. */
final class VectorIntegerBindings {
  private final Map<String, Semantics> all = new HashMap<>();

  private VectorIntegerBindings() {
    addBitwise();
    addSums();
    addComparisons();
    addOfOne();
    addAcross();
    addSaturating();
    addShifts();
    addShiftsByNumber();
    addLong();
    addNarrow();
    addPermutes();
  }

  /** Every name and its method. */
  static Map<String, Semantics> all() {
    return new VectorIntegerBindings().all;
  }

  private void addBitwise() {
    all.put("and_vector", VectorBitwise::and);
    all.put("bic_vector", VectorBitwise::bic);
    all.put("orr_vector", VectorBitwise::orr);
    all.put("orn_vector", VectorBitwise::orn);
    all.put("eor_vector", VectorBitwise::eor);
    all.put("not_vector", VectorBitwise::not);
    all.put("bsl_vector", VectorBitwise::bsl);
    all.put("bit_vector", VectorBitwise::bit);
    all.put("bif_vector", VectorBitwise::bif);
  }

  private void signed(String name, Lane lane) {
    all.put("v_" + name, Lanes.signed(Shape.SAME, lane));
  }

  private void unsigned(String name, Lane lane) {
    all.put("v_" + name, Lanes.unsigned(Shape.SAME, lane));
  }

  private void addSums() {
    unsigned("add", (pe, bits, d, n, m) -> n + m);
    unsigned("sub", (pe, bits, d, n, m) -> n - m);
    unsigned("mul", (pe, bits, d, n, m) -> n * m);
    unsigned("mla", (pe, bits, d, n, m) -> d + n * m);
    unsigned("mls", (pe, bits, d, n, m) -> d - n * m);
    byElement("mul", (pe, bits, d, n, m) -> n * m);
    byElement("mla", (pe, bits, d, n, m) -> d + n * m);
    byElement("mls", (pe, bits, d, n, m) -> d - n * m);
    unsigned("pmul", VectorInteger::pmul);
    signed("shadd", (pe, bits, d, n, m) -> (n + m) >> 1);
    unsigned("uhadd", (pe, bits, d, n, m) -> (n + m) >> 1);
    signed("srhadd", (pe, bits, d, n, m) -> (n + m + 1) >> 1);
    unsigned("urhadd", (pe, bits, d, n, m) -> (n + m + 1) >> 1);
    signed("shsub", (pe, bits, d, n, m) -> (n - m) >> 1);
    unsigned("uhsub", (pe, bits, d, n, m) -> (n - m) >> 1);
    signed("sabd", (pe, bits, d, n, m) -> Math.abs(n - m));
    unsigned("uabd", (pe, bits, d, n, m) -> Math.abs(n - m));
    signed("saba", (pe, bits, d, n, m) -> d + Math.abs(n - m));
    unsigned("uaba", (pe, bits, d, n, m) -> d + Math.abs(n - m));
    signed("smax", (pe, bits, d, n, m) -> Math.max(n, m));
    signed("smin", (pe, bits, d, n, m) -> Math.min(n, m));
    unsigned("umax", (pe, bits, d, n, m) -> Math.max(n, m));
    unsigned("umin", (pe, bits, d, n, m) -> Math.min(n, m));
  }

  private void byElement(String name, Lane lane) {
    all.put("v_" + name + "_element", Lanes.unsigned(Shape.SAME_BY_ELEMENT, lane));
  }

  private void addComparisons() {
    unsigned("cmtst", (pe, bits, d, n, m) -> ones((n & m) != 0));
    unsigned("cmeq", (pe, bits, d, n, m) -> ones(n == m));
    signed("cmgt", (pe, bits, d, n, m) -> ones(n > m));
    signed("cmge", (pe, bits, d, n, m) -> ones(n >= m));
    unsigned("cmhi", (pe, bits, d, n, m) -> ones(Long.compareUnsigned(n, m) > 0));
    unsigned("cmhs", (pe, bits, d, n, m) -> ones(Long.compareUnsigned(n, m) >= 0));
    signed("cmgt_zero", (pe, bits, d, n, m) -> ones(n > 0));
    signed("cmge_zero", (pe, bits, d, n, m) -> ones(n >= 0));
    signed("cmeq_zero", (pe, bits, d, n, m) -> ones(n == 0));
    signed("cmle_zero", (pe, bits, d, n, m) -> ones(n <= 0));
    signed("cmlt_zero", (pe, bits, d, n, m) -> ones(n < 0));
  }

  private void addOfOne() {
    signed("abs", (pe, bits, d, n, m) -> Math.abs(n));
    signed("neg", (pe, bits, d, n, m) -> -n);
    signed("cls", VectorInteger::cls);
    unsigned("clz", VectorInteger::clz);
    unsigned("cnt", (pe, bits, d, n, m) -> Long.bitCount(n));
    unsigned("rbit", (pe, bits, d, n, m) -> Long.reverse(n) >>> (64 - bits));
    unsigned("urecpe", VectorInteger::urecpe);
    unsigned("ursqrte", VectorInteger::ursqrte);
  }

  private void addAcross() {
    all.put("v_addp", VectorSums.pairs(false, Long::sum));
    all.put("v_smaxp", VectorSums.pairs(true, Math::max));
    all.put("v_sminp", VectorSums.pairs(true, Math::min));
    all.put("v_umaxp", VectorSums.pairs(false, Math::max));
    all.put("v_uminp", VectorSums.pairs(false, Math::min));
    all.put("v_saddlp", VectorSums.longPairs(true, false));
    all.put("v_uaddlp", VectorSums.longPairs(false, false));
    all.put("v_sadalp", VectorSums.longPairs(true, true));
    all.put("v_uadalp", VectorSums.longPairs(false, true));
    all.put("v_addv", VectorSums.across(false, 1, Long::sum));
    all.put("v_smaxv", VectorSums.across(true, 1, Math::max));
    all.put("v_sminv", VectorSums.across(true, 1, Math::min));
    all.put("v_umaxv", VectorSums.across(false, 1, Math::max));
    all.put("v_uminv", VectorSums.across(false, 1, Math::min));
    all.put("v_saddlv", VectorSums.across(true, 2, Long::sum));
    all.put("v_uaddlv", VectorSums.across(false, 2, Long::sum));
    all.put("v_sdot", VectorSums.dot(true, true));
    all.put("v_udot", VectorSums.dot(false, false));
    all.put("v_usdot", VectorSums.dot(false, true));
    all.put("v_sdot_element", VectorSums.dotByElement(true, true));
    all.put("v_udot_element", VectorSums.dotByElement(false, false));
    all.put("v_usdot_element", VectorSums.dotByElement(false, true));
    all.put("v_sudot_element", VectorSums.dotByElement(true, false));
    all.put("smmla", VectorSums.matrix(true, true));
    all.put("ummla", VectorSums.matrix(false, false));
    all.put("usmmla", VectorSums.matrix(false, true));
  }

  /** Of all elements, and of the lowest. */
  private void signedOrLowest(String name, Lane lane) {
    all.put("v_" + name, Lanes.signed(Shape.SAME, lane));
    all.put("s_" + name, Lanes.signed(Shape.LOWEST, lane));
  }

  private void unsignedOrLowest(String name, Lane lane) {
    all.put("v_" + name, Lanes.unsigned(Shape.SAME, lane));
    all.put("s_" + name, Lanes.unsigned(Shape.LOWEST, lane));
  }

  private void orByElement(String name, Lane lane) {
    signedOrLowest(name, lane);
    all.put("v_" + name + "_element", Lanes.signed(Shape.SAME_BY_ELEMENT, lane));
    all.put("s_" + name + "_element", Lanes.signed(Shape.LOWEST_BY_ELEMENT, lane));
  }

  private void addSaturating() {
    signedOrLowest("sqadd", Saturation::sqadd);
    unsignedOrLowest("uqadd", Saturation::uqadd);
    signedOrLowest("sqsub", Saturation::sqsub);
    unsignedOrLowest("uqsub", Saturation::uqsub);
    signedOrLowest("suqadd", Saturation::suqadd);
    signedOrLowest("usqadd", Saturation::usqadd);
    signedOrLowest("sqabs", Saturation::sqabs);
    signedOrLowest("sqneg", Saturation::sqneg);
    orByElement("sqdmulh", Saturation::sqdmulh);
    orByElement("sqrdmulh", Saturation::sqrdmulh);
    orByElement("sqrdmlah", Saturation::sqrdmlah);
    orByElement("sqrdmlsh", Saturation::sqrdmlsh);
  }

  private void addShifts() {
    signed("sshl", VectorShifts::sshl);
    unsigned("ushl", VectorShifts::ushl);
    signed("srshl", VectorShifts::srshl);
    unsigned("urshl", VectorShifts::urshl);
    signedOrLowest("sqshl", VectorShifts::sqshl);
    unsignedOrLowest("uqshl", VectorShifts::uqshl);
    signedOrLowest("sqrshl", VectorShifts::sqrshl);
    unsignedOrLowest("uqrshl", VectorShifts::uqrshl);
  }

  private void signedByNumber(String name, Lane lane) {
    all.put("v_" + name, Lanes.signed(Shape.SAME_IMMEDIATE, lane));
  }

  private void unsignedByNumber(String name, Lane lane) {
    all.put("v_" + name, Lanes.unsigned(Shape.SAME_IMMEDIATE, lane));
  }

  private void addShiftsByNumber() {
    signedByNumber("sshr", (pe, bits, d, n, m) -> VectorShifts.right(n, m));
    unsignedByNumber("ushr", (pe, bits, d, n, m) -> VectorShifts.unsignedRight(n, m));
    signedByNumber("srshr", (pe, bits, d, n, m) -> VectorShifts.roundedRight(n, m));
    unsignedByNumber("urshr", (pe, bits, d, n, m) -> VectorShifts.unsignedRoundedRight(n, m));
    signedByNumber("ssra", (pe, bits, d, n, m) -> d + VectorShifts.right(n, m));
    unsignedByNumber("usra", (pe, bits, d, n, m) -> d + VectorShifts.unsignedRight(n, m));
    signedByNumber("srsra", (pe, bits, d, n, m) -> d + VectorShifts.roundedRight(n, m));
    unsignedByNumber("ursra", (pe, bits, d, n, m) -> d + VectorShifts.unsignedRoundedRight(n, m));
    unsignedByNumber("shl", (pe, bits, d, n, m) -> n << m);
    unsignedByNumber("sli", VectorShifts::sli);
    unsignedByNumber("sri", VectorShifts::sri);
    signedByNumber("sqshl_immediate", VectorShifts::sqshl);
    unsignedByNumber("uqshl_immediate", VectorShifts::uqshl);
    signedByNumber("sqshlu", VectorShifts::sqshlu);
    Shape lowest = Shape.LOWEST_IMMEDIATE;
    all.put("s_sqshl_immediate", Lanes.signed(lowest, VectorShifts::sqshl));
    all.put("s_uqshl_immediate", Lanes.unsigned(lowest, VectorShifts::uqshl));
    all.put("s_sqshlu", Lanes.signed(lowest, VectorShifts::sqshlu));
    all.put("v_sshll", Lanes.signed(Shape.LONG_IMMEDIATE, (pe, bits, d, n, m) -> n << m));
    all.put("v_ushll", Lanes.unsigned(Shape.LONG_IMMEDIATE, (pe, bits, d, n, m) -> n << m));
    all.put("v_shll", Lanes.unsigned(Shape.LONG_IMMEDIATE, (pe, bits, d, n, m) -> n << m));
  }

  /** Twice as wide as the operands, with another register or one element of it. */
  private void signedLong(String name, Lane lane) {
    all.put("v_" + name, Lanes.signed(Shape.LONG, lane));
  }

  private void unsignedLong(String name, Lane lane) {
    all.put("v_" + name, Lanes.unsigned(Shape.LONG, lane));
  }

  private void longProduct(String signed, String unsigned, Lane lane) {
    signedLong(signed, lane);
    unsignedLong(unsigned, lane);
    all.put("v_" + signed + "_element", Lanes.signed(Shape.LONG_BY_ELEMENT, lane));
    all.put("v_" + unsigned + "_element", Lanes.unsigned(Shape.LONG_BY_ELEMENT, lane));
  }

  private void doubledProduct(String name, Lane lane) {
    signedLong(name, lane);
    all.put("s_" + name, Lanes.signed(Shape.LONG_LOWEST, lane));
    all.put("v_" + name + "_element", Lanes.signed(Shape.LONG_BY_ELEMENT, lane));
    all.put("s_" + name + "_element", Lanes.signed(Shape.LONG_LOWEST_BY_ELEMENT, lane));
  }

  private void addLong() {
    signedLong("saddl", (pe, bits, d, n, m) -> n + m);
    unsignedLong("uaddl", (pe, bits, d, n, m) -> n + m);
    signedLong("ssubl", (pe, bits, d, n, m) -> n - m);
    unsignedLong("usubl", (pe, bits, d, n, m) -> n - m);
    signedLong("sabdl", (pe, bits, d, n, m) -> Math.abs(n - m));
    unsignedLong("uabdl", (pe, bits, d, n, m) -> Math.abs(n - m));
    signedLong("sabal", (pe, bits, d, n, m) -> d + Math.abs(n - m));
    unsignedLong("uabal", (pe, bits, d, n, m) -> d + Math.abs(n - m));
    longProduct("smull", "umull", (pe, bits, d, n, m) -> n * m);
    longProduct("smlal", "umlal", (pe, bits, d, n, m) -> d + n * m);
    longProduct("smlsl", "umlsl", (pe, bits, d, n, m) -> d - n * m);
    doubledProduct("sqdmull", Saturation::sqdmull);
    doubledProduct("sqdmlal", Saturation::sqdmlal);
    doubledProduct("sqdmlsl", Saturation::sqdmlsl);
    unsignedLong("pmull", VectorInteger::pmul);
    all.put("v_saddw", Lanes.signed(Shape.WIDE, (pe, bits, d, n, m) -> n + m));
    all.put("v_uaddw", Lanes.unsigned(Shape.WIDE, (pe, bits, d, n, m) -> n + m));
    all.put("v_ssubw", Lanes.signed(Shape.WIDE, (pe, bits, d, n, m) -> n - m));
    all.put("v_usubw", Lanes.unsigned(Shape.WIDE, (pe, bits, d, n, m) -> n - m));
  }

  private void upperHalf(String name, Lane lane) {
    all.put("v_" + name, Lanes.unsigned(Shape.NARROW, lane));
  }

  private void narrow(String name, boolean signed, Lane lane) {
    all.put("v_" + name, of(signed, Shape.NARROW, lane));
    all.put("s_" + name, of(signed, Shape.NARROW_LOWEST, lane));
  }

  private void narrowByNumber(String name, boolean signed, Lane lane) {
    all.put("v_" + name, of(signed, Shape.NARROW_IMMEDIATE, lane));
    all.put("s_" + name, of(signed, Shape.NARROW_LOWEST_IMMEDIATE, lane));
  }

  private static Semantics of(boolean signed, Shape shape, Lane lane) {
    return signed ? Lanes.signed(shape, lane) : Lanes.unsigned(shape, lane);
  }

  private void addNarrow() {
    upperHalf("addhn", (pe, bits, d, n, m) -> (n + m) >>> bits);
    upperHalf("subhn", (pe, bits, d, n, m) -> (n - m) >>> bits);
    upperHalf("raddhn", (pe, bits, d, n, m) -> (n + m + (1L << (bits - 1))) >>> bits);
    upperHalf("rsubhn", (pe, bits, d, n, m) -> (n - m + (1L << (bits - 1))) >>> bits);
    upperHalf("xtn", (pe, bits, d, n, m) -> n);
    narrow("sqxtn", true, (pe, bits, d, n, m) -> Saturation.signed(pe, bits, n));
    narrow("sqxtun", true, (pe, bits, d, n, m) -> Saturation.signedToUnsigned(pe, bits, n));
    narrow("uqxtn", false, (pe, bits, d, n, m) -> Saturation.unsigned(pe, bits, n));
    Shape byNumber = Shape.NARROW_IMMEDIATE;
    all.put("v_shrn", Lanes.unsigned(byNumber, (pe, bits, d, n, m) -> n >>> m));
    all.put(
        "v_rshrn",
        Lanes.unsigned(byNumber, (pe, bits, d, n, m) -> VectorShifts.unsignedRoundedRight(n, m)));
    narrowByNumber(
        "sqshrn",
        true,
        (pe, bits, d, n, m) -> Saturation.signed(pe, bits, VectorShifts.right(n, m)));
    narrowByNumber(
        "uqshrn",
        false,
        (pe, bits, d, n, m) -> Saturation.unsigned(pe, bits, VectorShifts.unsignedRight(n, m)));
    narrowByNumber(
        "sqshrun",
        true,
        (pe, bits, d, n, m) -> Saturation.signedToUnsigned(pe, bits, VectorShifts.right(n, m)));
    narrowByNumber(
        "sqrshrn",
        true,
        (pe, bits, d, n, m) -> Saturation.signed(pe, bits, VectorShifts.roundedRight(n, m)));
    narrowByNumber(
        "uqrshrn",
        false,
        (pe, bits, d, n, m) ->
            Saturation.unsigned(pe, bits, VectorShifts.unsignedRoundedRight(n, m)));
    narrowByNumber(
        "sqrshrun",
        true,
        (pe, bits, d, n, m) ->
            Saturation.signedToUnsigned(pe, bits, VectorShifts.roundedRight(n, m)));
  }

  private void addPermutes() {
    all.put("zip1", VectorPermutes::zip1);
    all.put("zip2", VectorPermutes::zip2);
    all.put("uzp1", VectorPermutes::uzp1);
    all.put("uzp2", VectorPermutes::uzp2);
    all.put("trn1", VectorPermutes::trn1);
    all.put("trn2", VectorPermutes::trn2);
    all.put("ext", VectorPermutes::ext);
    all.put("tbl", VectorPermutes::tbl);
    all.put("tbx", VectorPermutes::tbx);
    all.put("v_rev", VectorPermutes::rev);
  }
}
