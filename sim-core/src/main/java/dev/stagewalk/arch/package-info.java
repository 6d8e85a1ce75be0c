/**
 * The architecture in tables: address kinds, granules, levels, permissions, memory attributes, and
 * the rows of registers, descriptors and syndromes with their loader. The ground floor: it knows no
 * other package of the engine, and nothing that runs.
 */
@NullMarked
package dev.stagewalk.arch;

import org.jspecify.annotations.NullMarked;
