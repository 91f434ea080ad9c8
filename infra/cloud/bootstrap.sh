#!/usr/bin/env bash
# What has to be there before Terraform can run: two buckets, the account that deploys, and the repository of its tools.
# Usage: infra/cloud/bootstrap.sh PROJECT [REGION]. It may be run again: what is there already stays as it is.
set -euo pipefail

project=${1:?Name the project: infra/cloud/bootstrap.sh PROJECT [REGION]}
region=${2:-europe-west1}
deployer="deployer@$project.iam.gserviceaccount.com"
state="gs://$project-rollcall-state"
releases="gs://$project-rollcall-releases"

ask() { gcloud --project "$project" --quiet "$@"; }

ask services enable artifactregistry.googleapis.com cloudbuild.googleapis.com cloudresourcemanager.googleapis.com iam.googleapis.com \
  secretmanager.googleapis.com serviceusage.googleapis.com storage.googleapis.com

for bucket in "$state" "$releases"; do
  if ! ask storage buckets describe "$bucket" >/dev/null 2>&1; then
    ask storage buckets create "$bucket" --location "$region" --uniform-bucket-level-access --public-access-prevention
  fi
  # An older state, or a release that somebody overwrote, can be had back.
  ask storage buckets update "$bucket" --versioning
done

if ! ask artifacts repositories describe rollcall-tools --location "$region" >/dev/null 2>&1; then
  ask artifacts repositories create rollcall-tools --location "$region" --repository-format docker
fi

if ! ask iam service-accounts describe "$deployer" >/dev/null 2>&1; then
  ask iam service-accounts create deployer --display-name "Deploys Rollcall"
fi
# Each role is for something in infra/cloud; none of them is owner or editor.
roles=(
  roles/artifactregistry.admin
  roles/cloudfunctions.admin
  roles/cloudscheduler.admin
  roles/cloudtasks.admin
  roles/compute.loadBalancerAdmin
  roles/datastore.indexAdmin
  roles/firebaserules.admin
  roles/iam.roleAdmin
  roles/iam.serviceAccountAdmin
  roles/iam.serviceAccountUser
  roles/logging.configWriter
  roles/logging.logWriter
  roles/monitoring.admin
  roles/pubsub.admin
  roles/resourcemanager.projectIamAdmin
  roles/run.admin
  roles/secretmanager.admin
  roles/serviceusage.serviceUsageAdmin
)
for role in "${roles[@]}"; do
  ask projects add-iam-policy-binding "$project" --member "serviceAccount:$deployer" --role "$role" --condition None >/dev/null
done
# A database is made and kept, never read: no role of Google's own says just that.
permissions=datastore.databases.create,datastore.databases.get,datastore.databases.getMetadata,datastore.databases.list,datastore.databases.update
permissions+=,datastore.backupSchedules.create,datastore.backupSchedules.get,datastore.backupSchedules.list,datastore.backupSchedules.update
# The buckets of backups are Terraform's; what lies in them is not.
permissions+=,storage.buckets.create,storage.buckets.get,storage.buckets.update
if ! ask iam roles describe rollcallDatabaseKeeper --project "$project" >/dev/null 2>&1; then
  ask iam roles create rollcallDatabaseKeeper --project "$project" --title "Rollcall: keeps the database" --permissions "$permissions"
fi
ask projects add-iam-policy-binding "$project" --member "serviceAccount:$deployer" \
  --role "projects/$project/roles/rollcallDatabaseKeeper" --condition None >/dev/null
for bucket in "$state" "$releases"; do
  ask storage buckets add-iam-policy-binding "$bucket" --member "serviceAccount:$deployer" --role roles/storage.admin >/dev/null
done

cat <<DONE
Ready. Next, in infra/cloud:
  terraform init -backend-config=bucket=${state#gs://} -backend-config=prefix=rollcall/prod
and then as infra/cloud/README.md says.
DONE
