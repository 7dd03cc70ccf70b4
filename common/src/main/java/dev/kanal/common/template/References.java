package dev.kanal.common.template;

import dev.kanal.common.job.JsonBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Some of a template's references, by the documents that their values are in. */
final class References {
  private final Map<Document, PointerTree> trees = new HashMap<>();

  /** By the place of a part: the number of its pointer among those of its document; -1 for none. */
  private final int[] numbers;

  /** Whose value it is; the step is empty but for {@link Word#FROM}. */
  record Document(Word word, String step) {}

  References(List<Part> parts, Predicate<Word> which) {
    numbers = new int[parts.size()];
    Map<Document, List<Pointer>> pointers = new HashMap<>();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = -1;
      if (parts.get(i) instanceof Part.Reference reference && which.test(reference.word())) {
        List<Pointer> all = pointers.computeIfAbsent(document(reference), _ -> new ArrayList<>());
        numbers[i] = all.size();
        all.add(reference.at());
      }
    }
    pointers.forEach((document, all) -> trees.put(document, new PointerTree(all)));
  }

  /** Reads the documents, each once; one that is null has no values. */
  Values read(Function<Document, @Nullable JsonBytes> documents) {
    Map<Document, PointerTree.Found> found = new HashMap<>();
    trees.forEach(
        (document, tree) -> {
          JsonBytes json = documents.apply(document);
          if (json != null) {
            found.put(document, tree.find(json));
          }
        });
    return new Values(found);
  }

  /** Whether the part at this place is one of them. */
  boolean has(int place) {
    return numbers[place] >= 0;
  }

  private static Document document(Part.Reference reference) {
    return new Document(reference.word(), reference.step());
  }

  /** What was found. */
  final class Values {
    private final Map<Document, PointerTree.Found> found;

    private Values(Map<Document, PointerTree.Found> found) {
      this.found = found;
    }

    /** Writes the value of a reference, or what stands there without it; false without either. */
    boolean put(int place, Part.Reference reference, Bytes out) {
      PointerTree.Found values = found.get(document(reference));
      JsonBytes or = reference.or();
      if (values != null && values.has(numbers[place])) {
        values.copyTo(out, numbers[place]);
      } else if (or != null) {
        out.put(or);
      } else {
        return false;
      }
      return true;
    }
  }
}
