package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OpQueueTest {
  @Test
  void queue_isAQueue_howeverItGrows() {
    var queue = new OpQueue();
    var model = new ArrayDeque<Operation>();
    var random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(100) < (i < 10_000 ? 60 : 40)) {
        var operation = new Operation(Kind.values()[i % 6], i, -i, i % 3000);
        queue.add(operation.kind(), operation.key(), operation.start(), operation.tries());
        model.add(operation);
      } else if (!model.isEmpty()) {
        assertThat(new Operation(queue.kind(), queue.key(), queue.start(), queue.tries()))
            .isEqualTo(model.remove());
        queue.remove();
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
  }
}
