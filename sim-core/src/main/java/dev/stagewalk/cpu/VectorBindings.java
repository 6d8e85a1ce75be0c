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
    all.putAll(VectorIntegerBindings.all());
    all.putAll(FloatBindings.all());
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
    all.put("load_interleaved", VectorMemory::loadInterleaved);
    all.put("load_interleaved_post", VectorMemory::loadInterleavedPost);
    all.put("store_interleaved", VectorMemory::storeInterleaved);
    all.put("store_interleaved_post", VectorMemory::storeInterleavedPost);
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
}
