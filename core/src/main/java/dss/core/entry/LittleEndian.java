package dss.core.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian numbers in byte arrays: the byte order of log, entries and peer frames. */
public final class LittleEndian {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private LittleEndian() {}

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
  }

  public static int getShort(byte[] array, int at) {
    return (short) SHORT.get(array, at) & 0xffff;
  }

  public static void putShort(byte[] array, int at, int value) {
    SHORT.set(array, at, (short) value);
  }

  public static int getInt(byte[] array, int at) {
    return (int) INT.get(array, at);
  }

  public static void putInt(byte[] array, int at, int value) {
    INT.set(array, at, value);
  }

  public static long getLong(byte[] array, int at) {
    return (long) LONG.get(array, at);
  }

  public static void putLong(byte[] array, int at, long value) {
    LONG.set(array, at, value);
  }
}
