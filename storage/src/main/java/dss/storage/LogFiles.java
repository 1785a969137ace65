package dss.storage;

import java.io.IOException;
import java.util.List;

/**
 * All that the log does with files. One directory, flat names. A simulated disk implements it as well as the real
 * one. Called by the log's thread and by background threads, one call for one file at a time.
 * Source: docs/formats.md (Log).
 */
public interface LogFiles {
  /** One open file of the log. */
  interface LogFile extends AutoCloseable {
    String name();

    long size() throws IOException;

    void write(long at, byte[] from, int offset, int length) throws IOException;

    /** Brings what was written, and the size, to the disk. */
    void sync() throws IOException;

    /** Fills the part of the array, or less where the file ends; returns how much. */
    int read(long at, byte[] to, int offset, int length) throws IOException;

    @Override
    void close() throws IOException;
  }

  List<String> list() throws IOException;

  LogFile open(String name) throws IOException;

  /** A new file of that many zeros, or empty; neither it nor its name is on disk before they are synced. */
  LogFile create(String name, long size) throws IOException;

  /** Replaces no other file; on disk after {@link #syncDirectory()}. */
  void rename(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  void syncDirectory() throws IOException;
}
