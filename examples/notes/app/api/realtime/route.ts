import { routeHandlers } from "querycast/next";
import { handleRealtime } from "../../../server/querycast.ts";

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers(handleRealtime);
