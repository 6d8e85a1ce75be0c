package dev.stagewalk.event;

/**
 * The A64 instruction that did something.
 *
 * @param pc its virtual address
 * @param el the exception level it was executed at
 */
public record Instruction(long pc, int el) {}
