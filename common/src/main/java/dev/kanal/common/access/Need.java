package dev.kanal.common.access;

import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One thing that a role must be allowed: an operation on a resource of Kafka.
 *
 * @param name of the resource, or the prefix of its name
 * @param prefixed whether it covers all resources with that prefix
 * @param why what it is used for
 */
public record Need(
    ResourceType type, String name, boolean prefixed, AclOperation operation, String why) {

  /** Whether it covers this resource. */
  boolean isAbout(ResourceType other, String resource) {
    return type == other && (prefixed ? resource.startsWith(name) : resource.equals(name));
  }

  /**
   * Whether it covers this topic and is not allowed there. Creating is not required for a topic
   * that exists.
   */
  public boolean isRefusedOf(String topic, Set<AclOperation> allowed) {
    return isAbout(ResourceType.TOPIC, topic)
        && operation != AclOperation.CREATE
        && !allowed.contains(operation);
  }

  /** Kafka's own form of it, for a principal at any host. */
  public AclBinding allowing(String principal) {
    PatternType pattern = prefixed ? PatternType.PREFIXED : PatternType.LITERAL;
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
  }

  /** For people: {@code WRITE on topic kanal.log}. */
  public String text() {
    return operation + " on " + kind() + " " + name + (prefixed ? "*" : "");
  }

  String kind() {
    return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
