package dev.kanal.k8s;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds fields that the model's classes set aside because the API does not have them. */
final class Strictness {
  private static final String MODEL = "io.fabric8.kubernetes.api.model";
  private static final String ASIDE = "getAdditionalProperties";

  private Strictness() {}

  static void collect(@Nullable Object value, String path, List<String> unknown) {
    switch (value) {
      case null -> {}
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          collect(list.get(i), path + "[" + i + "]", unknown);
        }
      }
      case Map<?, ?> map -> map.forEach((key, each) -> collect(each, path + "." + key, unknown));
      default -> {
        if (value.getClass().getName().startsWith(MODEL)) {
          collectFields(value, path, unknown);
        }
      }
    }
  }

  private static void collectFields(Object value, String path, List<String> unknown) {
    for (Method getter : value.getClass().getMethods()) {
      boolean isGetter = getter.getName().startsWith("get") && getter.getParameterCount() == 0;
      if (!isGetter || !getter.getDeclaringClass().getName().startsWith(MODEL)) {
        continue;
      }
      Object found = call(getter, value);
      if (getter.getName().equals(ASIDE)) {
        ((Map<?, ?>) found).keySet().forEach(key -> unknown.add(path + "." + key));
      } else {
        collect(found, path + "." + getter.getName().substring(3), unknown);
      }
    }
  }

  private static Object call(Method getter, Object value) {
    try {
      return getter.invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Expected to read " + getter, e);
    }
  }
}
