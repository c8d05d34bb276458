"""The downtime pack: pages in a folder that show the ward in any browser when the server is gone."""
