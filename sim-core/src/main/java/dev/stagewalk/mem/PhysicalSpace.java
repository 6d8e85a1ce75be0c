package dev.stagewalk.mem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All physical addresses of a machine: a bank of RAM and the windows of devices. */
public final class PhysicalSpace {
  private final PhysicalMemory ram;
  private final List<Device> devices;

  public PhysicalSpace(PhysicalMemory ram, List<Device> devices) {
    this.ram = ram;
    this.devices = new ArrayList<>(devices);
  }

  /** Adds a device; its window must be free. */
  public void add(Device device) {
    devices.add(device);
  }

  public PhysicalMemory ram() {
    return ram;
  }

  public List<Device> devices() {
    return devices;
  }

  public boolean isRam(long pa, int width) {
    return ram.contains(pa, width);
  }

  /** The device whose window holds the address, or null. */
  public @Nullable Device device(long pa) {
    for (Device device : devices) {
      if (Long.compareUnsigned(pa - device.base(), device.size()) < 0) {
        return device;
      }
    }
    return null;
  }
}
