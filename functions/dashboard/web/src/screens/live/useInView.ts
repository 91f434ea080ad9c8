import { useEffect, useRef, useState } from "react";

/** Whether something is on the screen, or near it. */
export function useInView<Place extends Element>() {
  const place = useRef<Place>(null);
  const [isInView, setIsInView] = useState(typeof IntersectionObserver === "undefined");
  useEffect(() => {
    const element = place.current;
    if (element === null || typeof IntersectionObserver === "undefined") return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        setIsInView(entries.some(({ isIntersecting }) => isIntersecting));
      },
      { rootMargin: "400px" },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return { place, isInView };
}
