package dev.stagewalk.oracle;

/**
 * Memory attributes as the pseudocode holds them.
 *
 * @param device Device memory: of {@code deviceType} 0 nGnRnE, 1 nGnRE, 2 nGRE, 3 GRE
 * @param outer Outer Cacheability; meaningless for Device
 * @param inner Inner Cacheability; meaningless for Device
 * @param shareability as SH encodes it
 */
record MemAttrs(boolean device, int deviceType, Hints outer, Hints inner, int shareability) {
  static final int NSH = 0;
  static final int OSH = 2;
  static final int ISH = 3;

  enum Cacheability {
    NC,
    WT,
    WB
  }

  /** Cacheability and allocation hints; those of Non-cacheable are 0. */
  record Hints(Cacheability attrs, int hints, boolean isTransient) {
    static final Hints NC = new Hints(Cacheability.NC, 0, false);
    static final Hints WB_RWA = new Hints(Cacheability.WB, 3, false);

    /** Source: DecodeLDFAttr. */
    static Hints decode(int attr) {
      Cacheability attrs =
          (attr & 4) == 0 ? Cacheability.WT : attr == 4 ? Cacheability.NC : Cacheability.WB;
      if (attrs == Cacheability.NC) {
        return NC;
      }
      int hints = attr & 3;
      return new Hints(attrs, hints, hints != 0 && (attr & 8) == 0);
    }

    /** Source: S2CombineS1AttrHints. The hints are those of stage 1. */
    static Hints combine(Hints s1, Hints s2) {
      Cacheability attrs = s1.attrs.compareTo(s2.attrs) < 0 ? s1.attrs : s2.attrs;
      return attrs == Cacheability.NC ? NC : new Hints(attrs, s1.hints, s1.isTransient);
    }

    /** Source: EncodePARAttrs. */
    int encode() {
      return switch (attrs) {
        case NC -> 4;
        case WT -> (isTransient ? 0 : 8) | hints;
        case WB -> (isTransient ? 4 : 12) | hints;
      };
    }
  }

  /** Source: NormalNCMemAttr. */
  static final MemAttrs NORMAL_NC = new MemAttrs(false, 0, Hints.NC, Hints.NC, OSH);

  static MemAttrs device(int type, int shareability) {
    return new MemAttrs(true, type, Hints.NC, Hints.NC, shareability);
  }

  static MemAttrs normal(Hints outer, Hints inner, int shareability) {
    return new MemAttrs(false, 0, outer, inner, shareability);
  }

  MemAttrs withShareability(int sh) {
    return new MemAttrs(device, deviceType, outer, inner, sh);
  }

  private boolean nonCacheable() {
    return !device && outer.attrs == Cacheability.NC && inner.attrs == Cacheability.NC;
  }

  /** Source: EffectiveShareability. */
  MemAttrs effective() {
    return device || nonCacheable() ? withShareability(OSH) : this;
  }

  /** Source: DecodeShareability. */
  static int shareability(int sh, Choices choices) {
    return sh == 1 ? choices.reservedShareability() : sh;
  }

  /** Without FEAT_XS and FEAT_MTE, Device aside. Source: S1ConstrainUnpredictableRESMAIR. */
  private static boolean reserved(int attr) {
    return (attr & 0xf0) != 0 && (attr & 0xf) == 0;
  }

  /** Source: S1DecodeMemAttrs. */
  static MemAttrs stage1(int mairAttr, int sh, Choices choices) {
    int attr = reserved(mairAttr) ? choices.reservedMair() : mairAttr;
    int shareability = shareability(sh, choices);
    if ((attr & 0xf0) == 0) {
      return device(attr >>> 2 & 3, shareability);
    }
    return normal(Hints.decode(attr >>> 4), Hints.decode(attr & 0xf), shareability);
  }

  /** MemAttr without FWB; its hints are those of no allocation. Source: S2DecodeMemAttrs. */
  static MemAttrs stage2(int attr, int sh, Choices choices) {
    int shareability = shareability(sh, choices);
    if ((attr & 0xc) == 0) {
      return device(attr & 3, shareability);
    }
    return normal(
        stage2Cacheability(attr >>> 2, choices),
        stage2Cacheability(attr & 3, choices),
        shareability);
  }

  private static Hints stage2Cacheability(int attr, Choices choices) {
    return switch (attr == 0 ? choices.reservedCacheability() : attr) {
      case 1 -> Hints.NC;
      case 2 -> new Hints(Cacheability.WT, 0, false);
      case 3 -> new Hints(Cacheability.WB, 0, false);
      default -> throw new IllegalArgumentException("no choice made for a reserved MemAttr");
    };
  }

  private static int combineShareability(int one, int two) {
    if (one == OSH || two == OSH) {
      return OSH;
    }
    return one == ISH || two == ISH ? ISH : NSH;
  }

  /** Source: S2CombineS1MemAttrs. */
  static MemAttrs combine(MemAttrs s1, MemAttrs s2) {
    MemAttrs both;
    if (s1.device && s2.device) {
      both = device(Math.min(s1.deviceType, s2.deviceType), OSH);
    } else if (s1.device) {
      both = s1;
    } else if (s2.device) {
      both = s2;
    } else {
      both = normal(Hints.combine(s1.outer, s2.outer), Hints.combine(s1.inner, s2.inner), NSH);
    }
    return both.withShareability(combineShareability(s1.shareability, s2.shareability)).effective();
  }

  /** MemAttr with FWB, over what stage 1 says. Source: AArch64.S2ApplyFWBMemAttrs. */
  static MemAttrs forced(MemAttrs s1, int attr, int sh, Choices choices) {
    MemAttrs both;
    if ((attr & 4) == 0) {
      int type = attr & 3;
      both = device(s1.device ? Math.min(s1.deviceType, type) : type, OSH);
    } else if ((attr & 3) == 3) {
      both = s1;
    } else if ((attr & 3) == 2) {
      both = normal(writeBack(s1, s1.outer), writeBack(s1, s1.inner), NSH);
    } else {
      both = s1.device ? s1 : NORMAL_NC;
    }
    int shareability = combineShareability(s1.shareability, shareability(sh, choices));
    return both.withShareability(shareability).effective();
  }

  private static Hints writeBack(MemAttrs s1, Hints half) {
    if (s1.device || half.attrs == Cacheability.NC) {
      return Hints.WB_RWA;
    }
    return new Hints(Cacheability.WB, half.hints, half.isTransient);
  }

  /** ATTR of PAR_EL1. Source: EncodePARAttrs. */
  int encode() {
    return device ? deviceType << 2 : outer.encode() << 4 | inner.encode();
  }
}
