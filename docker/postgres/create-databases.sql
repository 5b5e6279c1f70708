-- One database and one role for each service. The passwords are for containers on this machine only.
CREATE ROLE "connection-service" LOGIN PASSWORD 'connection-service';
CREATE ROLE "export-orchestrator" LOGIN PASSWORD 'export-orchestrator';
CREATE ROLE "klaviyo-sink" LOGIN PASSWORD 'klaviyo-sink';
CREATE DATABASE "connection-service" OWNER "connection-service";
CREATE DATABASE "export-orchestrator" OWNER "export-orchestrator";
CREATE DATABASE "klaviyo-sink" OWNER "klaviyo-sink";
REVOKE CONNECT ON DATABASE "connection-service", "export-orchestrator", "klaviyo-sink" FROM PUBLIC;
