package dev.kanal.scheduler.api;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.scheduler.api.batch.BatchContext;
import dev.kanal.scheduler.api.batch.BatchUploadHandler;
import dev.kanal.scheduler.api.bulkaction.BulkActionOrders;
import dev.kanal.scheduler.api.bulkaction.BulkActionRoutes;
import dev.kanal.scheduler.api.capacity.Admission;
import dev.kanal.scheduler.api.capacity.QueueGauges;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.events.EventRoutes;
import dev.kanal.scheduler.api.flows.FlowRoutes;
import dev.kanal.scheduler.api.format.LogFormats;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.jobcommand.JobCommandRoutes;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.jobs.Intake;
import dev.kanal.scheduler.api.jobs.JobLookup;
import dev.kanal.scheduler.api.jobs.JobRoutes;
import dev.kanal.scheduler.api.jobs.Placement;
import dev.kanal.scheduler.api.jobs.RepeatableSubmits;
import dev.kanal.scheduler.api.jobs.SubmitLog;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.node.OldQuestions;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.operate.OperateRoutes;
import dev.kanal.scheduler.api.queues.QueueRoutes;
import dev.kanal.scheduler.api.schedules.ScheduleRoutes;
import dev.kanal.scheduler.api.spec.JobParser;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;

/** Builds the features of the API, and gives each what it works with. */
final class ApiRoutes {
  private final Vertx vertx;
  private final ApiParts parts;
  private final LimitsConfig limits;
  private final Clients clients;
  private final CallThreads threads;
  private final JobReader reader;
  private final Shards shards;
  private final BodyReader bodies;
  private final JobParser parser;
  private final NodeClient forwarder;
  private final AllOwners owners;
  private final OwnerRouting atOwner;
  private final LogFormats formats;
  private final JobLookup lookup;
  private final Commands commands;
  private final Intake intake;

  ApiRoutes(
      Vertx vertx, ApiParts parts, LimitsConfig limits, Clients clients, CallThreads threads) {
    this.vertx = vertx;
    this.parts = parts;
    this.limits = limits;
    this.clients = clients;
    this.threads = threads;
    this.reader = parts.reader();
    this.shards = new Shards(reader.shards());
    this.bodies = new BodyReader(vertx, limits.payload() + BodyReader.OVERHEAD);
    this.parser =
        new JobParser(limits, parts.clock(), queue -> parts.queues().settings(queue).defaults());
    this.forwarder = new NodeClient(vertx);
    this.owners = new AllOwners(vertx, reader, forwarder);
    this.atOwner = new OwnerRouting(reader::ownerOf, forwarder);
    this.formats = new LogFormats(owners, reader, parts.ticker());
    this.lookup = new JobLookup(vertx, reader, parts.ticker(), parts.workers().known(), forwarder);
    Admission admission = admission();
    Sink<ToShard> log = admission.log(parts.log());
    this.commands = new Commands(log, reader, parts.reach());
    this.intake = intake(admission, log);
  }

  private Admission admission() {
    QueueGauges gauges = new QueueGauges(reader, parts.queues(), parts.ticker(), owners, forwarder);
    gauges.start(vertx);
    return new Admission(gauges, reader);
  }

  private Intake intake(Admission admission, Sink<ToShard> log) {
    return new Intake(
        parts.queues(),
        new Placement(
            shards,
            queue -> parts.queues().known().settings(queue),
            parts.ticker(),
            parts.random()),
        admission,
        new SubmitLog(
            log,
            new Topics(parts.kafka().prefix()).log(),
            parts.telemetry(),
            parts.clock(),
            parts.random()),
        new RepeatableSubmits(commands, reader));
  }

  List<Route> all() {
    return OldQuestions.among(features(), owners);
  }

  private List<Route> features() {
    return Stream.of(
            jobs().all(),
            jobCommands().all(),
            List.of(BatchUploadHandler.route(uploads())),
            EventRoutes.of(vertx, reader, owners, clients.streams(), parts.clock()),
            bulkActions().all(),
            schedules().all(),
            flows().all(),
            queues().all(),
            operate().all(),
            List.of(formats.route()))
        .flatMap(List::stream)
        .toList();
  }

  private JobRoutes jobs() {
    return new JobRoutes(reader, parts.ticker(), intake, parser, lookup, atOwner, owners, bodies);
  }

  private JobCommandRoutes jobCommands() {
    return new JobCommandRoutes(
        threads,
        reader,
        parts.queues(),
        parts.clock(),
        commands,
        atOwner,
        bodies,
        new BodyReader(vertx, limits.result() + BodyReader.OVERHEAD),
        limits);
  }

  private BatchContext uploads() {
    return new BatchContext(
        vertx,
        reader,
        parts.ticker(),
        intake,
        forwarder,
        parser,
        clients.batches(),
        limits.bulkLine());
  }

  private BulkActionRoutes bulkActions() {
    BulkActionOrders orders =
        new BulkActionOrders(parts.log(), reader, parts.clock(), parts.random());
    return new BulkActionRoutes(vertx, threads, parts.queues(), owners, orders, reader);
  }

  private ScheduleRoutes schedules() {
    return new ScheduleRoutes(
        threads,
        parts.schedules(),
        shards,
        parts.queues(),
        parts.clock(),
        commands,
        lookup,
        atOwner,
        owners,
        bodies,
        limits);
  }

  private FlowRoutes flows() {
    return new FlowRoutes(
        vertx,
        threads,
        reader,
        parts.flows(),
        parts.queues(),
        commands,
        atOwner,
        owners,
        parts.clock(),
        parts.random(),
        formats,
        parser,
        limits);
  }

  private QueueRoutes queues() {
    return new QueueRoutes(
        vertx,
        threads,
        reader,
        parts.queues(),
        parts.workers().known(),
        parts.log(),
        parts.reach(),
        parts.clock(),
        parts.ticker(),
        new Meters(parts.telemetry()),
        forwarder,
        owners,
        bodies);
  }

  private OperateRoutes operate() {
    return new OperateRoutes(
        vertx,
        reader,
        owners,
        parts.quarantine(),
        parts.workers(),
        parts.clock(),
        parts.telemetry(),
        parts.reach(),
        parts.kafka(),
        parts.ui());
  }
}
