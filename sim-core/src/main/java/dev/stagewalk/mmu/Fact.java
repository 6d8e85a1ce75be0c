package dev.stagewalk.mmu;

/** One line of what follows from register values, for people: "IPA size" — "40 bits". */
public record Fact(String label, String value) {}
