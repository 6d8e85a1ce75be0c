/**
 * Physical memory in copy-on-write pages, the windows of devices in it, and the page allocator. It
 * knows neither translation nor processing elements.
 */
@NullMarked
package dev.stagewalk.mem;

import org.jspecify.annotations.NullMarked;
