package convscope.net.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * Room for the results of steps that run in order: what is read for the last time gives its place
 * to what comes after.
 */
final class Memory {
  private static final long ALIGN = 16; // numbers: a cache line

  /** Room that several tensors may share, such as one and its other shapes. */
  static final class Room {
    final long count;
    int first = Integer.MAX_VALUE;
    int last = -1;
    long at = -1;

    /** Where it lies once all is laid out; of a constant from the beginning. */
    int address;

    Room(long count) {
      this.count = count;
    }

    void usedAt(int step) {
      first = Math.min(first, step);
      last = Math.max(last, step);
    }
  }

  private record Gap(long at, long count) {}

  private final List<Room> rooms = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private long top;

  Room room(long count) {
    Room room = new Room((count + ALIGN - 1) / ALIGN * ALIGN);
    rooms.add(room);
    return room;
  }

  /** Gives each room its place among {@code steps}; the numbers wanted in all. */
  long layOut(int steps) {
    List<List<Room>> begin = new ArrayList<>();
    List<List<Room>> end = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      begin.add(new ArrayList<>());
      end.add(new ArrayList<>());
    }
    for (Room room : rooms) {
      if (room.last >= 0) {
        begin.get(Math.min(steps, room.first)).add(room);
        end.get(Math.min(steps, room.last)).add(room);
      }
    }
    for (int i = 0; i <= steps; i++) {
      for (Room room : begin.get(i)) {
        room.at = take(room.count);
      }
      for (Room room : end.get(i)) {
        give(room.at, room.count);
      }
    }
    return top;
  }

  /** Sets the addresses once the whole has one. */
  void place(int address, int bytes) {
    for (Room room : rooms) {
      room.address = room.at < 0 ? 0 : address + (int) (bytes * room.at);
    }
  }

  private long take(long count) {
    int best = -1;
    for (int i = 0; i < gaps.size(); i++) {
      long size = gaps.get(i).count();
      if (size >= count && (best < 0 || size < gaps.get(best).count())) {
        best = i;
      }
    }
    if (best >= 0) {
      Gap gap = gaps.remove(best);
      if (gap.count() > count) {
        gaps.add(new Gap(gap.at() + count, gap.count() - count));
      }
      return gap.at();
    }
    for (int i = 0; i < gaps.size(); i++) { // the last gap grows
      if (gaps.get(i).at() + gaps.get(i).count() == top) {
        Gap gap = gaps.remove(i);
        top = gap.at() + count;
        return gap.at();
      }
    }
    top += count;
    return top - count;
  }

  private void give(long at, long count) {
    long from = at;
    long size = count;
    for (int i = gaps.size() - 1; i >= 0; i--) {
      Gap gap = gaps.get(i);
      if (gap.at() + gap.count() == from) {
        from = gap.at();
        size += gap.count();
        gaps.remove(i);
      } else if (from + size == gap.at()) {
        size += gap.count();
        gaps.remove(i);
      }
    }
    gaps.add(new Gap(from, size));
  }
}
