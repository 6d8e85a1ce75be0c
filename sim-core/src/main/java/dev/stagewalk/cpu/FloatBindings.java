package dev.stagewalk.cpu;

import dev.stagewalk.fp.FloatArithmetic;
import dev.stagewalk.fp.FloatComparison;
import dev.stagewalk.fp.FloatConversion;
import dev.stagewalk.fp.FloatEstimate;
import dev.stagewalk.fp.Format;
import dev.stagewalk.fp.Rounding;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of {@link Bindings} that belongs to floating-point arithmetic. Names that begin with v_
 * are of vectors, with s_ of their lowest element, and of scalar numbers the others.
 */
final class FloatBindings {
  private FloatBindings() {}

  /** Every floating-point name and its method. */
  static Map<String, Semantics> all() {
    Map<String, Semantics> all = new HashMap<>();
    addScalar(all);
    addArithmetic(all);
    addElements(all);
    addComparisons(all);
    addRoundings(all);
    addConversions(all);
    addEstimates(all);
    addComplex(all);
    return all;
  }

  private static void addScalar(Map<String, Semantics> all) {
    all.put("fmadd", FloatUse.ofThree(FloatArithmetic::multiplyAdd));
    all.put("fmsub", FloatUse.ofThree(FloatScalar::multiplySubtract));
    all.put("fnmadd", FloatUse.ofThree(FloatScalar::negatedMultiplyAdd));
    all.put("fnmsub", FloatUse.ofThree(FloatScalar::negatedMultiplySubtract));
    all.put("fnmul", FloatUse.ofTwo(FloatArithmetic::multiplyNegated));
    all.put("fcmp", FloatScalar::fcmp);
    all.put("fcmpe", FloatScalar::fcmpe);
    all.put("fcmp_zero", FloatScalar::fcmpZero);
    all.put("fcmpe_zero", FloatScalar::fcmpeZero);
    all.put("fccmp", FloatScalar::fccmp);
    all.put("fccmpe", FloatScalar::fccmpe);
    all.put("fcsel", FloatScalar::fcsel);
  }

  private static void addArithmetic(Map<String, Semantics> all) {
    one(all, "fabs", FloatScalar::absolute);
    one(all, "fneg", FloatScalar::negate);
    one(all, "fsqrt", FloatArithmetic::squareRoot);
    two(all, "fadd", FloatArithmetic::add);
    two(all, "fsub", FloatArithmetic::subtract);
    two(all, "fmul", FloatArithmetic::multiply);
    two(all, "fdiv", FloatArithmetic::divide);
    two(all, "fmax", FloatComparison::maximum);
    two(all, "fmin", FloatComparison::minimum);
    two(all, "fmaxnm", FloatComparison::maximumNumber);
    two(all, "fminnm", FloatComparison::minimumNumber);
    lanesTwo(all, "fmulx", FloatArithmetic::multiplyExtended);
    lanesTwo(all, "fabd", FloatScalar::difference);
    all.put("v_fmla", FloatLanes.ofThree(FloatArithmetic::multiplyAdd));
    all.put("v_fmls", FloatLanes.ofThree(FloatScalar::multiplySubtract));
    pairs(all, "faddp", FloatArithmetic::add);
    pairs(all, "fmaxp", FloatComparison::maximum);
    pairs(all, "fminp", FloatComparison::minimum);
    pairs(all, "fmaxnmp", FloatComparison::maximumNumber);
    pairs(all, "fminnmp", FloatComparison::minimumNumber);
    all.put("fmaxv", FloatLanes.across(FloatComparison::maximum));
    all.put("fminv", FloatLanes.across(FloatComparison::minimum));
    all.put("fmaxnmv", FloatLanes.across(FloatComparison::maximumNumber));
    all.put("fminnmv", FloatLanes.across(FloatComparison::minimumNumber));
  }

  private static void addElements(Map<String, Semantics> all) {
    all.put("v_fmul_element", FloatLanes.byElement(FloatArithmetic::multiply));
    all.put("s_fmul_element", FloatLanes.lowestByElement(FloatArithmetic::multiply));
    all.put("v_fmulx_element", FloatLanes.byElement(FloatArithmetic::multiplyExtended));
    all.put("s_fmulx_element", FloatLanes.lowestByElement(FloatArithmetic::multiplyExtended));
    all.put("v_fmla_element", FloatLanes.addByElement(FloatArithmetic::multiplyAdd));
    all.put("s_fmla_element", FloatLanes.lowestAddByElement(FloatArithmetic::multiplyAdd));
    all.put("v_fmls_element", FloatLanes.addByElement(FloatScalar::multiplySubtract));
    all.put("s_fmls_element", FloatLanes.lowestAddByElement(FloatScalar::multiplySubtract));
  }

  private static void addComparisons(Map<String, Semantics> all) {
    lanesTwo(all, "fcmeq", FloatScalar::equal);
    lanesTwo(all, "fcmge", FloatScalar::atLeast);
    lanesTwo(all, "fcmgt", FloatScalar::greater);
    lanesTwo(all, "facge", FloatScalar::absoluteAtLeast);
    lanesTwo(all, "facgt", FloatScalar::absoluteGreater);
    lanesOne(all, "fcmeq_zero", FloatScalar::equalZero);
    lanesOne(all, "fcmge_zero", FloatScalar::atLeastZero);
    lanesOne(all, "fcmgt_zero", FloatScalar::greaterZero);
    lanesOne(all, "fcmle_zero", FloatScalar::atMostZero);
    lanesOne(all, "fcmlt_zero", FloatScalar::lessZero);
  }

  private static void addRoundings(Map<String, Semantics> all) {
    rounding(all, "frintn", Rounding.TIES_TO_EVEN);
    rounding(all, "frintp", Rounding.TOWARDS_PLUS_INFINITY);
    rounding(all, "frintm", Rounding.TOWARDS_MINUS_INFINITY);
    rounding(all, "frintz", Rounding.TOWARDS_ZERO);
    rounding(all, "frinta", Rounding.TIES_AWAY_FROM_ZERO);
    one(
        all,
        "frintx",
        (env, format, n) -> FloatConversion.toInteger(env, format, n, env.rounding(), true));
    one(
        all,
        "frinti",
        (env, format, n) -> FloatConversion.toInteger(env, format, n, env.rounding(), false));
    for (int bits : new int[] {32, 64}) {
      one(
          all,
          "frint" + bits + "x",
          (env, format, n) -> FloatConversion.toIntegerOf(env, format, n, env.rounding(), bits));
      one(
          all,
          "frint" + bits + "z",
          (env, format, n) ->
              FloatConversion.toIntegerOf(env, format, n, Rounding.TOWARDS_ZERO, bits));
    }
  }

  private static void rounding(Map<String, Semantics> all, String name, Rounding rounding) {
    one(all, name, (env, format, n) -> FloatConversion.toInteger(env, format, n, rounding, false));
  }

  private static void addConversions(Map<String, Semantics> all) {
    all.put("fcvt_to_half", FloatUse.ofOne(FloatConversions.to(Format.HALF)));
    all.put("fcvt_to_single", FloatUse.ofOne(FloatConversions.to(Format.SINGLE)));
    all.put("fcvt_to_double", FloatUse.ofOne(FloatConversions.to(Format.DOUBLE)));
    toFixed(all, "fcvtn", Rounding.TIES_TO_EVEN);
    toFixed(all, "fcvtp", Rounding.TOWARDS_PLUS_INFINITY);
    toFixed(all, "fcvtm", Rounding.TOWARDS_MINUS_INFINITY);
    toFixed(all, "fcvtz", Rounding.TOWARDS_ZERO);
    toFixed(all, "fcvta", Rounding.TIES_AWAY_FROM_ZERO);
    all.put("scvtf", FloatConversions.fromGeneral(true));
    all.put("ucvtf", FloatConversions.fromGeneral(false));
    all.put("s_scvtf", FloatUse.ofOneByRow(FloatConversions.fromFixed(true)));
    all.put("s_ucvtf", FloatUse.ofOneByRow(FloatConversions.fromFixed(false)));
    all.put("v_scvtf", FloatLanes.ofOneByRow(FloatConversions.fromFixed(true)));
    all.put("v_ucvtf", FloatLanes.ofOneByRow(FloatConversions.fromFixed(false)));
    all.put("fjcvtzs", FloatConversions.toJavaScript());
    all.put("v_fcvtl", FloatConversions.lengthen());
    all.put("v_fcvtn", FloatConversions.narrow(null));
    all.put("v_fcvtxn", FloatConversions.narrow(Rounding.TO_ODD));
    all.put("s_fcvtxn", FloatUse.ofOne(FloatConversions::toOdd));
  }

  private static void toFixed(Map<String, Semantics> all, String name, Rounding rounding) {
    for (boolean signed : new boolean[] {true, false}) {
      String whole = name + (signed ? "s" : "u");
      all.put(whole, FloatConversions.toGeneral(signed, rounding));
      all.put("s_" + whole, FloatUse.ofOneByRow(FloatConversions.toFixed(signed, rounding)));
      all.put("v_" + whole, FloatLanes.ofOneByRow(FloatConversions.toFixed(signed, rounding)));
    }
  }

  private static void addEstimates(Map<String, Semantics> all) {
    lanesOne(all, "frecpe", FloatEstimate::reciprocal);
    lanesOne(all, "frsqrte", FloatEstimate::reciprocalRoot);
    all.put("s_frecpx", FloatUse.ofOne(FloatEstimate::reciprocalExponent));
    lanesTwo(all, "frecps", FloatArithmetic::reciprocalStep);
    lanesTwo(all, "frsqrts", FloatArithmetic::reciprocalRootStep);
  }

  private static void addComplex(Map<String, Semantics> all) {
    all.put("v_fcadd", FloatComplex.add());
    all.put("v_fcmla", FloatComplex.multiplyAdd());
    all.put("v_fcmla_element", FloatComplex.multiplyAddByElement());
    all.put("v_fmlal", FloatComplex.multiplyAddLong(false));
    all.put("v_fmlal_element", FloatComplex.multiplyAddLongByElement(false));
    all.put("v_fmlsl", FloatComplex.multiplyAddLong(true));
    all.put("v_fmlsl_element", FloatComplex.multiplyAddLongByElement(true));
  }

  private static void one(Map<String, Semantics> all, String name, FloatUse.OfOne f) {
    all.put(name, FloatUse.ofOne(f));
    all.put("v_" + name, FloatLanes.ofOne(f));
  }

  private static void two(Map<String, Semantics> all, String name, FloatUse.OfTwo f) {
    all.put(name, FloatUse.ofTwo(f));
    all.put("v_" + name, FloatLanes.ofTwo(f));
  }

  private static void lanesOne(Map<String, Semantics> all, String name, FloatUse.OfOne f) {
    all.put("s_" + name, FloatUse.ofOne(f));
    all.put("v_" + name, FloatLanes.ofOne(f));
  }

  private static void lanesTwo(Map<String, Semantics> all, String name, FloatUse.OfTwo f) {
    all.put("s_" + name, FloatUse.ofTwo(f));
    all.put("v_" + name, FloatLanes.ofTwo(f));
  }

  private static void pairs(Map<String, Semantics> all, String name, FloatUse.OfTwo f) {
    all.put("s_" + name, FloatLanes.pair(f));
    all.put("v_" + name, FloatLanes.pairs(f));
  }
}
