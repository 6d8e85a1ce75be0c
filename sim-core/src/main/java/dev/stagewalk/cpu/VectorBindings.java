package dev.stagewalk.cpu;

import java.util.HashMap;
import java.util.Map;

/** The part of {@link Bindings} that belongs to SIMD and floating-point rows. */
final class VectorBindings {
  private VectorBindings() {}

  /** Every SIMD and floating-point name and its method. */
  static Map<String, Semantics> all() {
    Map<String, Semantics> all = new HashMap<>();
    addMemory(all);
    addMoves(all);
    addInteger(all);
    return all;
  }

  private static void addMemory(Map<String, Semantics> all) {
    all.put("load_vector_offset", VectorMemory::loadOffset);
    all.put("load_vector_pre", VectorMemory::loadPre);
    all.put("load_vector_post", VectorMemory::loadPost);
    all.put("load_vector_register", VectorMemory::loadRegister);
    all.put("load_vector_literal", VectorMemory::loadLiteral);
    all.put("load_vector_pair_offset", VectorMemory::loadPairOffset);
    all.put("load_vector_pair_pre", VectorMemory::loadPairPre);
    all.put("load_vector_pair_post", VectorMemory::loadPairPost);
    all.put("load_structures", VectorMemory::loadStructures);
    all.put("load_structures_post", VectorMemory::loadStructuresPost);
    all.put("load_element", VectorMemory::loadElement);
    all.put("load_element_post", VectorMemory::loadElementPost);
    all.put("store_vector_offset", VectorMemory::storeOffset);
    all.put("store_vector_pre", VectorMemory::storePre);
    all.put("store_vector_post", VectorMemory::storePost);
    all.put("store_vector_register", VectorMemory::storeRegister);
    all.put("store_vector_pair_offset", VectorMemory::storePairOffset);
    all.put("store_vector_pair_pre", VectorMemory::storePairPre);
    all.put("store_vector_pair_post", VectorMemory::storePairPost);
    all.put("store_structures", VectorMemory::storeStructures);
    all.put("store_structures_post", VectorMemory::storeStructuresPost);
    all.put("store_element", VectorMemory::storeElement);
    all.put("store_element_post", VectorMemory::storeElementPost);
    all.put("load_replicate", VectorMemory::loadReplicate);
    all.put("load_replicate_post", VectorMemory::loadReplicatePost);
  }

  private static void addMoves(Map<String, Semantics> all) {
    all.put("dup_element", VectorMoves::dupElement);
    all.put("dup_scalar", VectorMoves::dupScalar);
    all.put("dup_general", VectorMoves::dupGeneral);
    all.put("ins_general", VectorMoves::insGeneral);
    all.put("ins_element", VectorMoves::insElement);
    all.put("umov", VectorMoves::umov);
    all.put("smov", VectorMoves::smov);
    all.put("fmov_to_general", VectorMoves::fmovToGeneral);
    all.put("fmov_from_general", VectorMoves::fmovFromGeneral);
    all.put("fmov_from_top", VectorMoves::fmovFromTop);
    all.put("fmov_to_top", VectorMoves::fmovToTop);
    all.put("fmov_register", VectorMoves::fmovRegister);
    all.put("movi", VectorMoves::movi);
    all.put("mvni", VectorMoves::mvni);
    all.put("orr_vector_immediate", VectorMoves::orrImmediate);
    all.put("bic_vector_immediate", VectorMoves::bicImmediate);
  }

  private static void addInteger(Map<String, Semantics> all) {
    all.put("and_vector", VectorInteger::and);
    all.put("bic_vector", VectorInteger::bic);
    all.put("orr_vector", VectorInteger::orr);
    all.put("orn_vector", VectorInteger::orn);
    all.put("eor_vector", VectorInteger::eor);
    all.put("not_vector", VectorInteger::not);
    all.put("bsl_vector", VectorInteger::bsl);
    all.put("bit_vector", VectorInteger::bit);
    all.put("bif_vector", VectorInteger::bif);
    all.put("v_add", VectorInteger::add);
    all.put("v_sub", VectorInteger::sub);
    all.put("v_cmtst", VectorInteger::cmtst);
    all.put("v_cmeq", VectorInteger::cmeq);
    all.put("v_cmgt", VectorInteger::cmgt);
    all.put("v_cmge", VectorInteger::cmge);
    all.put("v_cmhi", VectorInteger::cmhi);
    all.put("v_cmhs", VectorInteger::cmhs);
    all.put("v_smax", VectorInteger::smax);
    all.put("v_smin", VectorInteger::smin);
    all.put("v_umax", VectorInteger::umax);
    all.put("v_umin", VectorInteger::umin);
    all.put("v_addp", VectorInteger::addp);
    all.put("v_smaxp", VectorInteger::smaxp);
    all.put("v_sminp", VectorInteger::sminp);
    all.put("v_umaxp", VectorInteger::umaxp);
    all.put("v_uminp", VectorInteger::uminp);
    all.put("v_cmgt_zero", VectorInteger::cmgtZero);
    all.put("v_cmge_zero", VectorInteger::cmgeZero);
    all.put("v_cmeq_zero", VectorInteger::cmeqZero);
    all.put("v_cmle_zero", VectorInteger::cmleZero);
    all.put("v_cmlt_zero", VectorInteger::cmltZero);
  }
}
