// Starts the viewer on the page; a file of its own because the page allows no inline scripts.
SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#docs", deepLinking: true, tryItOutEnabled: true });
